// What Apache Jena says of graphs: SHACL results, and the rows of queries.
//
// One argument, a folder: shapes.nt; jobs.tsv, a line per graph with its file (.nt, or .nq for named
// graphs with their union as default) and the queries to ask of it; queries/NAME.rq. Prints JSON.

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.jena.atlas.json.JSON;
import org.apache.jena.atlas.json.JsonArray;
import org.apache.jena.atlas.json.JsonObject;
import org.apache.jena.atlas.json.JsonString;
import org.apache.jena.graph.Graph;
import org.apache.jena.graph.Node;
import org.apache.jena.query.ARQ;
import org.apache.jena.query.DatasetFactory;
import org.apache.jena.query.Query;
import org.apache.jena.query.QueryExecution;
import org.apache.jena.query.QueryExecutionFactory;
import org.apache.jena.query.QueryFactory;
import org.apache.jena.query.QuerySolution;
import org.apache.jena.query.ResultSet;
import org.apache.jena.riot.RDFDataMgr;
import org.apache.jena.shacl.ShaclValidator;
import org.apache.jena.shacl.Shapes;
import org.apache.jena.shacl.validation.ReportEntry;
import org.apache.jena.sparql.core.DatasetGraph;
import org.apache.jena.sparql.core.DatasetGraphFactory;
import org.apache.jena.sparql.graph.GraphFactory;
import org.apache.jena.sparql.path.P_Link;
import org.apache.jena.sparql.util.Symbol;

public class Validate {
    public static void main(String[] arguments) throws Exception {
        // Jena 4.5 loses rows by these: it takes "HAVING (COUNT(?e) = COUNT(?a))" for a join of two
        // variables, and a disjunction under OPTIONAL for one of its own side alone.
        Symbol[] wrong = {ARQ.optFilterImplicitJoin, ARQ.optImplicitLeftJoin, ARQ.optFilterDisjunction};
        for (Symbol optimization : wrong) ARQ.getContext().set(optimization, false);
        Path folder = Path.of(arguments[0]);
        Shapes shapes = Shapes.parse(RDFDataMgr.loadGraph(folder.resolve("shapes.nt").toString()));
        Map<String, Query> queries = new HashMap<>();
        JsonObject answers = new JsonObject();
        for (String line : Files.readAllLines(folder.resolve("jobs.tsv"))) {
            String[] job = line.split("\t", -1);
            DatasetGraph data = loaded(folder.resolve(job[0]).toString());
            JsonObject answer = new JsonObject();
            if (job[0].endsWith(".nt")) answer.put("results", results(shapes, data.getDefaultGraph()));
            JsonObject rows = new JsonObject();
            for (String name : job[1].isEmpty() ? new String[0] : job[1].split(" ")) {
                if (!queries.containsKey(name)) {
                    queries.put(name, QueryFactory.read(folder.resolve("queries/" + name + ".rq").toString()));
                }
                rows.put(name, rows(queries.get(name), data));
            }
            answer.put("rows", rows);
            answers.put(job[0], answer);
        }
        JSON.write(System.out, answers);
    }

    static DatasetGraph loaded(String file) {
        DatasetGraph read = RDFDataMgr.loadDatasetGraph(file);
        if (file.endsWith(".nt")) return read;
        Graph union = GraphFactory.createDefaultGraph();
        read.find().forEachRemaining(quad -> union.add(quad.asTriple()));
        DatasetGraph named = DatasetGraphFactory.create(union);
        read.listGraphNodes().forEachRemaining(name -> named.addGraph(name, read.getGraph(name)));
        return named;
    }

    static JsonArray results(Shapes shapes, Graph data) {
        JsonArray found = new JsonArray();
        for (ReportEntry entry : ShaclValidator.get().validate(shapes, data).getEntries()) {
            JsonObject one = new JsonObject();
            one.put("focus", term(entry.focusNode()));
            if (entry.value() != null) one.put("value", term(entry.value()));
            if (entry.resultPath() instanceof P_Link) {
                one.put("path", term(((P_Link) entry.resultPath()).getNode()));
            }
            one.put("source", term(entry.source()));
            one.put("component", term(entry.sourceConstraintComponent()));
            one.put("severity", term(entry.severity().level()));
            found.add(one);
        }
        return found;
    }

    static JsonArray rows(Query query, DatasetGraph data) {
        JsonArray found = new JsonArray();
        try (QueryExecution asked = QueryExecutionFactory.create(query, DatasetFactory.wrap(data))) {
            ResultSet rows = asked.execSelect();
            while (rows.hasNext()) {
                QuerySolution row = rows.next();
                JsonObject one = new JsonObject();
                for (String name : rows.getResultVars()) {
                    if (row.contains(name)) one.put(name, term(row.get(name).asNode()));
                }
                found.add(one);
            }
        }
        return found;
    }

    // A term as [text], [text, datatype] or [text, datatype, language]; a blank node as [_:label].
    static JsonArray term(Node node) {
        JsonArray parts = new JsonArray();
        if (node.isURI()) {
            parts.add(new JsonString(node.getURI()));
        } else if (node.isBlank()) {
            parts.add(new JsonString("_:" + node.getBlankNodeLabel()));
        } else {
            parts.add(new JsonString(node.getLiteralLexicalForm()));
            parts.add(new JsonString(node.getLiteralDatatypeURI()));
            if (!node.getLiteralLanguage().isEmpty()) parts.add(new JsonString(node.getLiteralLanguage()));
        }
        return parts;
    }
}
