/** Runs `work` while holding the lock file; waits for another holder, and says so once through `onWait`. */
export function withLock<T>(file: string, work: () => Promise<T>, onWait?: () => void): Promise<T>;
