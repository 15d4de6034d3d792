// Reference edges of Java sources: attributes all files with the compiler itself, tolerating missing libraries, and prints one
// line `from<TAB>to` for each file that uses something another file defines; a line with one path is a file that was read.
//
// java tests/edges/EdgeReference.java CHECKOUT [FOLDER...] > edges.tsv
//
// A use is: a name that stands for a type (also in an import), and, as in bytecode, the static type of what a field or method
// is used on, which need not be named (`a.getB().run()` uses the type that `getB` returns).
// With `-Dalso=declaring` the class that declares the used member counts as well, with `-Dalso=signature` the types of
// parameters and results of the used methods (what jdeps counts).

import com.sun.source.tree.*;
import com.sun.source.util.*;
import java.io.PrintStream;
import java.nio.file.*;
import java.util.*;
import java.util.stream.*;
import javax.lang.model.element.*;
import javax.lang.model.type.*;
import javax.tools.*;

public class EdgeReference {
    static final String ALSO = System.getProperty("also", "");

    public static void main(String[] args) throws Exception {
        Path root = Path.of(args[0]).toRealPath();
        List<Path> folders = new ArrayList<>();
        for (int i = 1; i < args.length; i++) folders.add(root.resolve(args[i]));
        if (folders.isEmpty()) folders.add(root);
        List<Path> files = new ArrayList<>();
        for (Path folder : folders) {
            try (Stream<Path> all = Files.walk(folder)) {
                all.filter(p -> p.toString().endsWith(".java") && !p.endsWith("module-info.java") && !p.endsWith("package-info.java"))
                    .filter(p -> !p.toString().matches(".*/(test|tests|androidTest|it|testdata|fixtures)/.*")).sorted().forEach(files::add);
            }
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            DiagnosticListener<JavaFileObject> silent = d -> {};
            JavacTask task = (JavacTask) compiler.getTask(null, manager, silent,
                List.of("-proc:none", "-Xmaxerrs", "0", "-XDshould-stop.ifError=FLOW", "-XDshould-stop.at=FLOW", "-implicit:none"),
                null, manager.getJavaFileObjectsFromPaths(files));
            List<CompilationUnitTree> units = new ArrayList<>();
            task.parse().forEach(units::add);
            task.analyze();
            Trees trees = Trees.instance(task);
            Set<String> out = new TreeSet<>();
            for (CompilationUnitTree unit : units) {
                String from = root.relativize(Path.of(unit.getSourceFile().toUri())).toString();
                out.add(from);
                new TreePathScanner<Void, Void>() {
                    void use(Element element) {
                        for (Element at = element; at != null; at = at.getEnclosingElement()) {
                            if (at.getKind().isClass() || at.getKind().isInterface()) {
                                TreePath path = trees.getPath(at);
                                if (path == null) return;
                                String to = root.relativize(Path.of(path.getCompilationUnit().getSourceFile().toUri())).toString();
                                if (!to.equals(from)) out.add(from + "\t" + to);
                                return;
                            }
                        }
                    }
                    void type(TypeMirror type) {
                        if (type == null) return;
                        while (type.getKind() == TypeKind.ARRAY) type = ((ArrayType) type).getComponentType();
                        if (type.getKind() == TypeKind.TYPEVAR) type(((TypeVariable) type).getUpperBound());
                        else if (type.getKind() == TypeKind.DECLARED) use(((DeclaredType) type).asElement());
                    }
                    void here() {
                        Element element = trees.getElement(getCurrentPath());
                        if (element == null) return;
                        boolean named = element.getKind().isClass() || element.getKind().isInterface();
                        boolean free = element.getModifiers().contains(Modifier.STATIC) && getCurrentPath().getLeaf() instanceof IdentifierTree;
                        if (named || free || ALSO.equals("declaring")) use(element);
                        if (ALSO.equals("signature") && element instanceof ExecutableElement) {
                            ExecutableElement method = (ExecutableElement) element;
                            type(method.getReturnType());
                            method.getParameters().forEach(p -> type(p.asType()));
                        }
                        if (ALSO.equals("signature") && element.getKind() == ElementKind.FIELD) type(element.asType());
                    }
                    void on(ExpressionTree object) {
                        TypeMirror type = trees.getTypeMirror(new TreePath(getCurrentPath(), object));
                        if (!(trees.getElement(new TreePath(getCurrentPath(), object)) instanceof PackageElement)) type(type);
                    }
                    @Override public Void visitIdentifier(IdentifierTree node, Void p) { here(); return super.visitIdentifier(node, p); }
                    @Override public Void visitMemberSelect(MemberSelectTree node, Void p) {
                        here();
                        Element element = trees.getElement(getCurrentPath());
                        if (element != null && (element.getKind().isField() || element instanceof ExecutableElement)) on(node.getExpression());
                        return super.visitMemberSelect(node, p);
                    }
                    @Override public Void visitMemberReference(MemberReferenceTree node, Void p) { here(); on(node.getQualifierExpression()); return super.visitMemberReference(node, p); }
                    @Override public Void visitNewClass(NewClassTree node, Void p) { here(); return super.visitNewClass(node, p); }
                }.scan(unit, null);
            }
            PrintStream print = new PrintStream(System.out, false, "UTF-8");
            out.forEach(print::println);
            print.flush();
        }
    }
}
