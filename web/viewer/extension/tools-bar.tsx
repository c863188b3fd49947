import type { ComponentChildren } from 'preact';
import { fillHoles, interpolate } from './lesion-operations.ts';
import type { ReaderTool } from './reader-tools.ts';
import { radii, reaches, shares, type Toolbox } from './toolbox.ts';

/** The tools, with what can be set of the one in hand. */
export function ToolsBar({ toolbox, help }: { toolbox: Toolbox; help: () => void }) {
  const { tool, told } = toolbox;
  const pick = (name: ReaderTool, key: string, children: string) => (
    <button
      type="button"
      class={tool === name ? 'picked' : ''}
      aria-pressed={tool === name}
      title={`${children} (${key})`}
      onClick={() => toolbox.use(name)}
    >
      {children}
    </button>
  );
  return (
    <section class="tools" aria-label="Tools">
      <div class="grid">
        {pick('CircularBrush', 'B', 'Brush')}
        {pick('CircularEraser', 'E', 'Eraser')}
        {pick('ThresholdCircularBrush', 'T', 'Threshold')}
        {pick('MetloopOutline', 'F', 'Freehand')}
        {pick('MetloopGrow', 'G', 'Grow')}
        {pick('WindowLevel', 'W', 'Window')}
        {pick('Length', 'L', 'Length')}
        {pick('Bidirectional', 'D', 'Diameters')}
        <button type="button" title="All keys (?)" onClick={help}>
          Keys ?
        </button>
      </div>
      <Settings toolbox={toolbox} />
      <div class="row small">
        <button type="button" title="Between slices (I)" onClick={() => toolbox.do(interpolate)}>
          Interpolate
        </button>
        <button type="button" title="Fill holes (H)" onClick={() => toolbox.do(fillHoles)}>
          Fill holes
        </button>
        <button type="button" title="Undo (Ctrl Z)" onClick={() => toolbox.undo()}>
          Undo
        </button>
        <button type="button" title="Redo (Ctrl Y)" onClick={() => toolbox.redo()}>
          Redo
        </button>
      </div>
      {told && <p role={told.bad ? 'alert' : 'status'}>{told.text}</p>}
    </section>
  );
}

function Settings({ toolbox }: { toolbox: Toolbox }) {
  const { tool, radiusMm, level, levels, share, reachMm } = toolbox;
  if (tool === 'MetloopGrow')
    return (
      <>
        <Slider
          name="Level"
          range={shares}
          step={0.05}
          value={share}
          set={(value) => toolbox.setGrowth(value, reachMm)}
        >
          {Math.round(100 * share)} %
        </Slider>
        <Slider name="Reach" range={reaches} step={1} value={reachMm} set={(value) => toolbox.setGrowth(share, value)}>
          {reachMm} mm
        </Slider>
      </>
    );
  if (tool === undefined || !/Circular/.test(tool)) return null;
  const [least, most] = levels;
  return (
    <>
      <Slider name="Radius" range={radii} step={1} value={radiusMm} set={(value) => toolbox.setRadius(value)}>
        {radiusMm} mm
      </Slider>
      {tool === 'ThresholdCircularBrush' && (
        <Slider
          name="Level"
          range={{ least, most }}
          step={1}
          value={level ?? least}
          set={(value) => toolbox.setLevel(value)}
        >
          {Math.round(level ?? least)}
        </Slider>
      )}
    </>
  );
}

interface SliderProps {
  readonly name: string;
  readonly range: { readonly least: number; readonly most: number };
  readonly step: number;
  readonly value: number;
  readonly set: (value: number) => void;
  readonly children: ComponentChildren;
}

function Slider({ name, range, step, value, set, children }: SliderProps) {
  return (
    <label class="slider">
      <span>{name}</span>
      <input
        type="range"
        aria-label={name}
        min={range.least}
        max={range.most}
        step={step}
        value={value}
        onInput={({ currentTarget }) => set(Number(currentTarget.value))}
      />
      <span class="faint">{children}</span>
    </label>
  );
}
