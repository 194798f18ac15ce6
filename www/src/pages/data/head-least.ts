/** So many labelled images of a class are enough for a model on features, as `store/own/head.ts` has it. */
export const HEAD_LEAST = 3;
