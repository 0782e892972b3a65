/** The name that older pages give to import. */
export { OPTIONS, POST } from "../import/route";
