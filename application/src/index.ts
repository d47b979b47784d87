// What a hospital's own software may use (the SDK surface); one line per area.
export * from './gateway';
export * from './documents';
export * from './envelope';
export * from './proof';
export * from './vault';
