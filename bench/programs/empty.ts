import "./used";

// Nothing: what starting Node, the SDK's runner and the engine costs by itself.
