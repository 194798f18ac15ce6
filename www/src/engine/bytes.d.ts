/** How large a file is: see `vite.config.ts`. */
declare module "*?bytes" {
  const bytes: number;
  export default bytes;
}
