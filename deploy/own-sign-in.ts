/** The parameters that deploy/parameters.ts reads. */
type Parameters = Readonly<Record<string, string>>;

/** Parameters whose values the stage's own user pool determines, if the stage has one (resources/sign-in.js). */
const FROM_THE_POOL = ['AUDIENCE', 'CLIENT_ID', 'NAME_CLAIM', 'ROLE_CLAIM', 'SCOPE', 'REQUIRED_SCOPE'];

/** Returns `true` if no issuer is set. The stage then signs people in with a Cognito user pool of its own. */
export const hasOwnSignIn = ({ ISSUER }: Parameters): boolean => !ISSUER;

/** Returns the parameters that are not empty, except those whose values the stage's own user pool determines. */
export function effective(parameters: Parameters): Parameters {
  const own = hasOwnSignIn(parameters);
  return Object.fromEntries(
    Object.entries(parameters).filter(([name, value]) => value !== '' && !(own && FROM_THE_POOL.includes(name))),
  );
}

/** @throws Error if the stage's name cannot be part of the user pool's domain name */
export function requireSignInName(stage: string): void {
  // https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
  if (!/aws|amazon|cognito/.test(stage)) return;
  throw new Error(
    `The stage ${stage} cannot have a user pool of its own, because Cognito's names hold neither "aws", "amazon" nor "cognito": name the stage otherwise, or set ISSUER.`,
  );
}
