// Reads a GEXF, GraphML or graphology JSON file as Gephi Lite does, but strictly, and prints
// what it found: undeclared attributes and edges to nowhere are errors here.
import { readFileSync } from "node:fs";
import Graph from "graphology";
import gexf from "graphology-gexf";
import graphml from "graphology-graphml";

const [path] = process.argv.slice(2);
const text = readFileSync(path, "utf8");

let graph;
if (path.endsWith(".gexf")) graph = gexf.parse(Graph, text);
else if (path.endsWith(".graphml")) graph = graphml.parse(Graph, text);
else graph = Graph.from(JSON.parse(text));

process.stdout.write(JSON.stringify(graph.export()));
