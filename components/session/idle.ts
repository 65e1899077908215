/** Minutes without a key or click after which the server ends a session; the same figure as its idle timeout. */
export const idleMinutes = 30
