// What a hospital's own software may use (the SDK surface); one line per area.
export * from './gateway';
export * from './clients';
export * from './ledger-index';
export * from './node';
export * from './keys';
export * from './documents';
export * from './envelope';
export * from './proof';
export * from './vault';
export * from './wallet';
export * from './profiles';
export * from './evidence';
