/** Within the panel's shadow tree, where OHIF's own styles do not reach. */
export const panelStyle = `
  main { display: grid; gap: 8px; padding: 12px; color: #dde4ea; font: 13px/1.45 system-ui, sans-serif; }
  h2, p { margin: 0; }
  h2 { font-size: 13px; font-weight: 600; }
  a { color: #7cb3d4; }
  button { padding: 5px 10px; color: inherit; font: inherit; text-align: left; background: #242c34; border: 1px solid #465462; border-radius: 4px; cursor: pointer; }
  button:disabled { opacity: 0.5; cursor: default; }
  .primary { color: #fff; background: #2f6f96; border-color: #2f6f96; }
  .row { display: flex; flex-wrap: wrap; gap: 6px; }
  .lesions { display: grid; gap: 6px; margin: 0; padding: 0; max-height: 40vh; overflow: auto; list-style: none; }
  .lesions li { display: grid; gap: 4px; padding: 6px 8px; border: 1px solid #38434d; border-radius: 4px; }
  .lesions .active { border-color: #7cb3d4; }
  section { display: grid; gap: 6px; }
  summary { cursor: pointer; }
  .instructions { max-height: 24vh; overflow: auto; padding: 6px 0; white-space: pre-wrap; }
  .comments { display: grid; gap: 6px; margin: 0; padding: 0; max-height: 30vh; overflow: auto; list-style: none; }
  .comments li, .draft { display: grid; gap: 4px; padding: 6px 8px; border: 1px solid #38434d; border-left: 3px solid #f2c14e; border-radius: 4px; overflow-wrap: anywhere; }
  .comments .settled { border-left-color: #465462; }
  textarea { box-sizing: border-box; width: 100%; padding: 5px; color: inherit; font: inherit; background: #14181c; border: 1px solid #465462; border-radius: 4px; resize: vertical; }
  .swatch { display: inline-block; width: 10px; height: 10px; border-radius: 2px; }
  .reference { display: grid; gap: 4px; }
  .line { display: flex; gap: 6px; align-items: center; }
  .line i { width: 10px; height: 10px; border-radius: 50%; }
  .coarse { padding: 0 6px; color: #14181c; background: #e2b65b; border-radius: 8px; font-size: 11px; }
  .small button { padding: 2px 6px; font-size: 12px; }
  .lesions .faint { font-size: 11.5px; }
  .lesions .small { gap: 3px; }
  .lesions .small button { padding: 2px 4px; }
  .tools { display: grid; gap: 6px; }
  .tools .row, .lesions .row { gap: 4px; }
  .grid { display: grid; grid-template-columns: repeat(3, 1fr); gap: 4px; }
  .grid button { padding: 4px 2px; text-align: center; }
  .picked, [aria-pressed='true'] { background: #2f6f96; border-color: #7cb3d4; }
  .slider { display: grid; grid-template-columns: 46px 1fr auto; gap: 8px; align-items: center; }
  .slider input { width: 100%; min-width: 0; accent-color: #7cb3d4; }
  dialog { max-width: 760px; padding: 20px 24px; color: inherit; background: #1a2026; border: 1px solid #465462; border-radius: 8px; }
  dialog::backdrop { background: rgb(0 0 0 / 0.6); }
  .keys { display: grid; grid-template-columns: 1fr 1fr; gap: 18px 36px; margin-bottom: 16px; }
  .keys dl { display: grid; gap: 4px; margin: 8px 0 0; }
  .keys dl div { display: grid; grid-template-columns: 110px 1fr; gap: 10px; }
  .keys dt { display: flex; flex-wrap: wrap; gap: 4px; }
  .keys dd { margin: 0; }
  kbd { padding: 0 6px; font: 12px/1.5 ui-monospace, monospace; background: #2b343d; border: 1px solid #556371; border-radius: 3px; white-space: nowrap; }
  .foot { position: sticky; bottom: 0; display: grid; gap: 8px; padding: 8px 0; background: #000; }
  .faint { color: #93a1ae; }
  [role='alert'] { color: #f3b6ae; }
  [role='status'] { color: #79c39a; }
`;
