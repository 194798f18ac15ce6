import { strings } from "../../i18n";
import { whole } from "../../i18n/format";
import type { NetworkProblem } from "../../store/plan";

/** What does not fit, in one sentence, with what would. */
export function problemText({ misfit }: NetworkProblem): string {
  const { layerProblems: says, layerFields } = strings.value;
  switch (misfit.kind) {
    case "channels":
      return says.channels(misfit.found);
    case "inputSize":
      return says.inputSize(`${misfit.height}×${misfit.width}`, misfit.least, misfit.most);
    case "windowTooLarge":
      return says.windowTooLarge(misfit.size, `${misfit.height}×${misfit.width}`, misfit.most);
    case "paddingTooWide":
      return says.paddingTooWide(misfit.padding, misfit.kernel);
    case "tooSmall":
      return says.tooSmall(layerFields[misfit.what], misfit.least);
    case "tooLarge":
      return says.tooLarge(layerFields[misfit.what], whole(misfit.found), whole(misfit.most));
    case "dropoutRate":
      return says.dropoutRate(String(misfit.rate));
    case "slope":
      return says.slope(String(misfit.slope));
    case "parameters":
    case "activations":
      return says[misfit.kind](whole(misfit.most));
    case "layerMemory":
      return says.layerMemory(whole(misfit.megabytes), whole(misfit.most));
    case "networkMemory":
      return says.networkMemory(whole(misfit.most));
    case "dataShape":
      return says.dataShape(misfit.found, misfit.wanted);
    case "classes":
      return says.classes(misfit.found, misfit.wanted);
    default:
      return says[misfit.kind];
  }
}
