import { Command } from 'commander';
import { settings } from '#installation';

export const settingsCommand = new Command('settings')
  .description('list the settings, which are read from the environment')
  .action(() => {
    const width = Math.max(...settings.map(({ name }) => name.length));
    for (const setting of settings) {
      const fallback = 'fallback' in setting ? ` (${setting.fallback})` : '';
      process.stdout.write(`${setting.name.padEnd(width)}  ${setting.meaning}${fallback}\n`);
    }
  });
