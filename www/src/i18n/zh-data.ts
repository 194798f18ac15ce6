import type { data as english } from "./en-data";

/** The Data page in Chinese. */
export const data: typeof english = {
  newName: (n) => (n === 1 ? "我的图片" : `我的图片 ${n}`),
  elsewhere: "另一个标签页正在修改这个数据集，本页会随之更新。",
  datasetRemoved: (name) => `已删除“${name}”`,
};
