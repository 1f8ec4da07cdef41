import type { FrameLocator, Locator, Page } from 'playwright-core';

/** Where to look for a box: a page, or a part of a page. */
export type Place = Page | FrameLocator | Locator;

/**
 * Clicks "Sign in" in the box. If `box` is a part of a page, `page` is that page.
 * @returns the window that opens; undefined if `popup` is false, because the function then waits for no window
 */
export function clickSignIn(box: Place, options: { popup: false; page?: Page }): Promise<undefined>;
export function clickSignIn(box: Page): Promise<Page>;
export function clickSignIn(box: Place, options: { page: Page }): Promise<Page>;
export async function clickSignIn(
  box: Place,
  { popup = true, page = box as Page }: { popup?: boolean; page?: Page } = {},
): Promise<Page | undefined> {
  const opened = popup ? page.waitForEvent('popup') : undefined;
  await box.getByRole('button', { name: 'Sign in' }).click();
  return opened;
}

/** Signs in on the issuer's page. */
export async function continueAs(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Continue as ${name}`, exact: true }).click();
}

/** Signs in from an open page, in the window that the box opens. */
export async function signInAs(page: Page, name: string, box: Place = page): Promise<void> {
  const popup = await clickSignIn(box, { page });
  const closed = popup.waitForEvent('close');
  await continueAs(popup, name);
  await closed;
  await signedInAs(box, name);
}

export async function signOut(on: Place): Promise<void> {
  await on.getByRole('button', { name: 'Signed in as' }).click();
  await on.getByRole('button', { name: 'Sign out' }).click();
}

/**
 * Consents to a sign-in like a person who has read the question: waits until the button is enabled, moves the pointer,
 * and clicks.
 */
export async function consentTo(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Continue', exact: true });
  await button.and(page.locator(':not([aria-disabled])')).waitFor();
  await page.mouse.move(10, 10);
  await button.click();
}

export async function signedInAs(box: Place, name: string): Promise<void> {
  await box.getByRole('button', { name: `Signed in as ${name}` }).waitFor();
}

/** Waits until the box offers a sign-in. */
export async function isOfferedSignIn(box: Place): Promise<void> {
  await box.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
}

/** Waits until the box says this below its text field. */
export async function says(box: Place, text: string): Promise<void> {
  await box.locator('.note').filter({ hasText: text }).waitFor();
}
