import { wholeLife } from "./whole-life";

wholeLife("gcp-dev");
