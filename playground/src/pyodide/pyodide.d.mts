// The build puts Pyodide itself beside the worker.
export { loadPyodide, type PyodideInterface } from "pyodide";
