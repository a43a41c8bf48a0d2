import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { processMark } from './process-mark.js';

describe('the mark of a process', () => {
  it('stays the same and can be part of a file name', () => {
    const mark = processMark(process.pid);
    expect(mark).toMatch(/^[\w.-]+$/);
    expect(processMark(process.pid)).toBe(mark);
  });

  it('differs between processes and is gone once the process has ended', async () => {
    const child = spawn('sleep', ['60']);
    expect(processMark(child.pid!)).toBeDefined();
    expect(processMark(child.pid!)).not.toBe(processMark(process.pid));
    child.kill();
    await once(child, 'exit');
    expect(processMark(child.pid!)).toBeUndefined();
  });

  it('is gone when the process has ended and nobody has collected it', async () => {
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60']);
    const [pid] = await once(parent.stdout, 'data');
    await expect.poll(() => processMark(Number(pid))).toBeUndefined();
    parent.kill();
  });
});
