export { Application, type ApplicationArgs } from "./application";
export type { ApplicationImages, ApplicationSettings, PlatformFacts, SuppliedKeys } from "./settings";
