import { wholeLife } from "./whole-life";

wholeLife("aws-dev");
