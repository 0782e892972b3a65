export { DELETE, GET, OPTIONS, PATCH, POST, PUT } from "../../v3/[[...rest]]/route";
