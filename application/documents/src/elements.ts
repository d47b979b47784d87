// `@lianyi/documents/elements`: what R4 says of the elements of a type, for whoever writes or reads another spelling than JSON.
export { definitionOf, type ElementDefinition, type TypeDefinition } from './element-definitions';
export { isPrimitive } from './primitive-values';
