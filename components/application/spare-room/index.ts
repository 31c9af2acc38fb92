export * from "./spare-room";
