/** As deploy/parameters.ts reads them. */
type Parameters = Readonly<Record<string, string>>;

/** Parameters whose values come from the stage's own user pool (resources/sign-in.js). */
const FROM_THE_POOL = ['AUDIENCE', 'CLIENT_ID', 'NAME_CLAIM', 'ROLE_CLAIM', 'SCOPE', 'REQUIRED_SCOPE'];

/** A stage without an issuer signs people in itself, with a Cognito user pool. */
export const hasOwnSignIn = ({ ISSUER }: Parameters): boolean => !ISSUER;

/** Returns the framework's parameters, without empty ones and those that follow from the stage's own user pool. */
export function effective(parameters: Parameters): Parameters {
  const own = hasOwnSignIn(parameters);
  return Object.fromEntries(
    Object.entries(parameters).filter(([name, value]) => value !== '' && !(own && FROM_THE_POOL.includes(name))),
  );
}

/** @throws Error where the page to sign in could not have the stage's name */
export function requireSignInName(stage: string): void {
  // https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
  if (!/aws|amazon|cognito/.test(stage)) return;
  throw new Error(
    `The stage ${stage} cannot have a user pool of its own, because Cognito's names hold neither "aws", "amazon" nor "cognito": name the stage otherwise, or set ISSUER.`,
  );
}
