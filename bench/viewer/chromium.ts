import { type Browser, chromium } from 'playwright-core';
import { findProgram, installPackages } from '../../bin/debian.ts';

/**
 * Without a graphics card, without a sandbox since it may run as root in a container, and without asking whose origin is whose:
 * so Orthanc is asked directly and no proxy slows it.
 */
const flags = [
  ...['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  '--disable-web-security',
];

/** The system's Chromium, installed if need be. @throws Error that says what to install */
export async function launchChromium(log: (line: string) => void): Promise<Browser> {
  let executablePath = findProgram('chromium');
  if (executablePath === undefined) {
    log('Installing Chromium: apt-get install chromium');
    const reason = await installPackages(['chromium']);
    executablePath = findProgram('chromium');
    if (executablePath === undefined) throw new Error(`Chromium is not there: ${reason}`);
  }
  return chromium.launch({ executablePath, args: flags });
}
