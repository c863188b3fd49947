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
  .slider { display: flex; align-items: center; gap: 6px; }
  .slider input { flex: 1; min-width: 0; }
  .faint { color: #93a1ae; }
  [role='alert'] { color: #f3b6ae; }
  [role='status'] { color: #79c39a; }
`;
