export * from "./spare-room";
export { placeOf, USUAL_ENVIRONMENT, type Place } from "./size";
