import { Socket } from "node:net";
import { refuseConnections } from "./offline";

refuseConnections(Socket.prototype);
