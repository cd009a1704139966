export { createEdge, type Edge, type EdgeOptions } from './edge.ts';
