/** Models that come in as files, and what lies beside them. */
export { isList, isModel, isPartOfModel } from "../store/model-names";
export { isAwaited, openModels as openFiles } from "../store/opening";
