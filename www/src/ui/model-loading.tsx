import { currentModelId, modelState } from "../store/session";
import { FetchingLine } from "./fetching-line";

/** Until the model in use can be asked: what is on its way of it and of the package that runs it. */
export function ModelLoading() {
  if (modelState.value !== "loading") return null;
  return (
    <>
      <FetchingLine what="recogniser" />
      <FetchingLine what={`model ${currentModelId.value}`} />
    </>
  );
}
