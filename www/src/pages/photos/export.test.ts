import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import { type Model, SHIPPED } from "../../store/models";
import type { Answer, Photo } from "../../store/photos";
import { toCsv, toJson } from "./export";

const LITE0 = SHIPPED[2] as Model;

function labelled(id: number, path: string): Photo {
  const predictions = [{ index: 967, label: "espresso", p: 0.75 }];
  const answer: Answer = { predictions, model: LITE0, ms: 31.04, incomplete: false };
  return {
    id,
    name: path.split("/").at(-1) ?? "",
    path,
    file: new File([], "cup.jpg"),
    key: null,
    size: signal({ width: 600, height: 400 }),
    thumbnail: signal(""),
    model: signal("lite0"),
    outcomes: signal(new Map([["lite0", answer]])),
  };
}

test("photos of one name in two folders stay apart", () => {
  const list = [labelled(1, "monday/cup.jpg"), labelled(2, "tuesday/cup.jpg")];
  const lines = toCsv(list).split("\r\n");
  expect(lines[0]).toMatch(/^\ufeffname,path,/);
  expect(lines[1]).toMatch(/^cup\.jpg,monday\/cup\.jpg,done,600,400,lite0,31,espresso,0\.75,/);
  expect(lines[2]).toMatch(/^cup\.jpg,tuesday\/cup\.jpg,done,/);
  const { photos } = JSON.parse(toJson(list));
  expect(photos.map(({ path }: { path: string }) => path)).toEqual(["monday/cup.jpg", "tuesday/cup.jpg"]);
});
