/** The Data page in English. `zh-data.ts` has the same shape. */
export const data = {
  newName: (n: number) => (n === 1 ? "My images" : `My images ${n}`),
  elsewhere: "Another tab changes this dataset now. This one follows it.",
  datasetRemoved: (name: string) => `“${name}” was removed`,
};
