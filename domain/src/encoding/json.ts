/** Any JSON value; entities are `type` aliases so that they are assignable to it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
