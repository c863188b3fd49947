/** Style sheets are bundled beside the script. */
declare module '*.css' {
  const nothing: undefined;
  export default nothing;
}
