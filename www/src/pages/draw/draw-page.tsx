import { strings } from "../../i18n";
import { handDrawing as drawing } from "../../store/drawings";
import { currentModel } from "../../store/session";
import { DrawingCanvas } from "../../ui/drawing/canvas";
import { Answer } from "./answer";
import { isOfClothes, recogniser, takesPhotos } from "./answering";
import { NextStep } from "./next-step";
import { Tools } from "./tools";

export function DrawPage() {
  const { draw } = strings.value;
  return (
    <div class="draw">
      <h1 class="unseen">{draw.heading}</h1>
      <section class="draw-left" aria-label={draw.canvas}>
        <DrawingCanvas
          drawing={drawing}
          recogniser={recogniser}
          testId="draw-canvas"
          label={draw.canvas}
          help={draw.canvasHelp}
          hint={hint()}
        />
        <Tools />
      </section>
      <Answer />
      <NextStep />
    </div>
  );
}

function hint(): string {
  const { draw } = strings.value;
  if (takesPhotos.value) return draw.takesPhotos(currentModel.value.name);
  return isOfClothes.value ? draw.hintClothes : draw.hint;
}
