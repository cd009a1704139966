export { createEdge, type Edge } from './edge.ts';
