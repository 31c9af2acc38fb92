import { chooseSignIn, clientUris, type SignInFacts } from "./sign-in";

const facts = (over: Partial<SignInFacts>): SignInFacts => ({
  explicit: "auto",
  google: false,
  cognito: false,
  cloudDefault: "google",
  ...over,
});

test.each([
  ["gcp with Google", facts({ google: true }), "google"],
  ["aws with Cognito", facts({ cognito: true, cloudDefault: "cognito" }), "cognito"],
  ["gcp with Cognito", facts({ cognito: true }), "cognito"],
  ["aws with Google", facts({ google: true, cloudDefault: "cognito" }), "google"],
  ["gcp with both", facts({ google: true, cognito: true }), "google"],
  ["aws with both", facts({ google: true, cognito: true, cloudDefault: "cognito" }), "google"],
] as const)("[A1] %s", (_title, given, expected) => {
  expect(chooseSignIn(given)).toBe(expected);
});

test.each([
  ["an explicit provider wins over credentials", facts({ explicit: "cognito", google: true }), "cognito"],
  ["an explicit Google wins over a Cognito pool", facts({ explicit: "google", cognito: true }), "google"],
  ["without credentials a gcp stack means Google", facts({}), "google"],
  ["without credentials an aws stack means Cognito", facts({ cloudDefault: "cognito" }), "cognito"],
] as const)("[A2] %s", (_title, given, expected) => {
  expect(chooseSignIn(given)).toBe(expected);
});

test("[A5] the addresses for a client are exact: one origin, the provider's own callback, two sign-out pages", () => {
  expect(clientUris("x.org", "google")).toEqual({
    origins: ["https://x.org"],
    redirectUris: ["https://x.org/api/auth/callback/google"],
    signOutUris: ["https://x.org", "https://x.org/auth/signin"],
  });
  expect(clientUris("x.org", "cognito").redirectUris).toEqual(["https://x.org/api/auth/callback/cognito"]);
});
