/** As much of the library, which has no types of its own, as is used here. */
declare module '@lhncbc/ucum-lhc' {
  interface Converted {
    readonly status: 'succeeded' | 'failed' | 'error';
    readonly toVal: number | null;
  }
  export const UcumLhcUtils: {
    getInstance(): {
      convertUnitTo(from: string, amount: number, to: string, options?: { readonly molecularWeight?: number }): Converted;
    };
  };
}
