import { expect, test } from "vitest";
import { fetching, hearOf } from "./fetching";

test("what is on its way is there with the seconds that are left, until it has come", () => {
  const MB = 1_000_000;
  for (let second = 0; second <= 2; second++) hearOf("images", 0.4 * MB * second, 11.2 * MB, second * 1000);
  hearOf("trainer", 0, 3.5 * MB, 2000);
  expect(fetching.value.images).toEqual({ loaded: 0.8 * MB, total: 11.2 * MB, secondsLeft: expect.closeTo(26) });
  expect(fetching.value.trainer?.secondsLeft, "not at first").toBeNull();

  hearOf("images", 11.2 * MB, 11.2 * MB, 28_000);
  expect(Object.keys(fetching.value)).toEqual(["trainer"]);
  hearOf("trainer", 0, 0);
  expect(fetching.value).toEqual({});
});
