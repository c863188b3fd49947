import { panelId } from './extension.ts';
import { protocolId } from './hanging-protocol.ts';

/** A mode as OHIF bundles it, as far as ours is made of it. */
interface ModeInstance {
  readonly routes: readonly [
    { readonly layoutInstance: Layout; readonly [key: string]: unknown },
    ...(readonly unknown[]),
  ];
  readonly onModeEnter: unknown;
  readonly extensionDependencies: Readonly<Record<string, string>>;
}
interface Layout {
  readonly props: {
    readonly leftPanels: readonly string[];
    readonly rightPanels: readonly string[];
    readonly viewports: readonly object[];
  };
}
export interface ModeModule {
  readonly modeInstance: ModeInstance;
  readonly extensionDependencies: Readonly<Record<string, string>>;
}

const id = '@metloop/mode';
/** The last part of the viewer's address: /viewer/metloop. */
const routeName = 'metloop';

/** OHIF's segmentation mode with our hanging protocol and our panel beside its own. */
export function makeMode(segmentation: ModeModule, basic: ModeModule): object {
  const given = segmentation.modeInstance;
  const [route] = given.routes;
  const { layoutInstance: layout } = route;
  const { leftPanels, rightPanels, viewports } = layout.props;
  // OHIF changes what it is given, so each use gets a copy.
  const layoutTemplate = (): Layout => ({
    ...layout,
    props: {
      ...layout.props,
      leftPanels: [...leftPanels],
      rightPanels: [panelId, ...rightPanels.slice(0, 1)],
      viewports: viewports.map((one) => ({ ...one })),
    },
  });
  // Ours is not among them: OHIF would look for a module by its name. It is registered already.
  const extensions = { ...segmentation.extensionDependencies };
  return {
    id,
    extensionDependencies: extensions,
    modeFactory: () => ({
      ...given,
      id,
      routeName,
      displayName: 'Metloop',
      // The segmentation mode's own closes our panel whenever a segmentation is added.
      onModeEnter: basic.modeInstance.onModeEnter,
      extensions,
      hangingProtocol: protocolId,
      isValidMode: () => ({ valid: true, description: '' }),
      routes: [{ ...route, path: routeName, layoutInstance: layoutTemplate(), layoutTemplate }],
    }),
  };
}
