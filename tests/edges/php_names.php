<?php
// Reference edges of PHP sources by nikic/php-parser (Debian: php-parser): every class-like name, function and namespaced
// constant, resolved by the parser's NameResolver, and includes of a known path. A name belongs to the file that declares it;
// of several files the one that composer's conventions would load, else the nearest.
//
// php -d memory_limit=4G tests/edges/php_names.php CHECKOUT FOLDER... > edges.tsv
require '/usr/share/php/PhpParser/autoload.php';

use PhpParser\Node;
use PhpParser\NodeTraverser;
use PhpParser\NodeVisitor\NameResolver;
use PhpParser\NodeVisitorAbstract;

$root = realpath($argv[1]);
$folders = array_slice($argv, 2) ?: [''];
$paths = [];
foreach ($folders as $folder) {
    $all = new RecursiveIteratorIterator(new RecursiveDirectoryIterator("$root/$folder", FilesystemIterator::SKIP_DOTS));
    foreach ($all as $file) {
        if (preg_match('/\.(php|inc)$/', $file->getPathname())) {
            $paths[] = preg_replace('~/+~', '/', $file->getPathname());
        }
    }
}
$paths = array_values(array_unique($paths));
sort($paths);

final class Collector extends NodeVisitorAbstract
{
    public array $defined = [];
    public array $used = [];
    public array $included = [];

    public function __construct(private string $path)
    {
    }

    public function enterNode(Node $node)
    {
        if ($node instanceof Node\Stmt\ClassLike && $node->name !== null) {
            $this->defined['c:' . strtolower((string) $node->namespacedName)] = true;
        } elseif ($node instanceof Node\Stmt\Function_) {
            $this->defined['f:' . strtolower((string) $node->namespacedName)] = true;
        } elseif ($node instanceof Node\Expr\FuncCall && $node->name instanceof Node\Name) {
            foreach ([$node->name->getAttribute('namespacedName'), $node->name] as $name) {
                $name && $this->used['f:' . strtolower(ltrim((string) $name, '\\'))] = true;
            }
            $node->name->setAttribute('function', true);
        } elseif ($node instanceof Node\Expr\ConstFetch) {
            $node->name->setAttribute('function', true);
        } elseif ($node instanceof Node\Stmt\UseUse) {
            $this->used['c:' . strtolower((string) $node->name)] = true;
        } elseif ($node instanceof Node\Stmt\GroupUse) {
            foreach ($node->uses as $use) {
                $this->used['c:' . strtolower($node->prefix . '\\' . $use->name)] = true;
            }
        } elseif ($node instanceof Node\Stmt\Namespace_ && $node->name) {
            $node->name->setAttribute('function', true);
        } elseif ($node instanceof Node\Name && !$node->getAttribute('function')) {
            $this->used['c:' . strtolower(ltrim((string) $node, '\\'))] = true;
        } elseif ($node instanceof Node\Expr\Include_ && ($text = $this->text($node->expr)) !== null) {
            $this->included[] = $text;
        }
        return null;
    }

    private function text(Node $node): ?string
    {
        if ($node instanceof Node\Scalar\String_) {
            return $node->value;
        }
        if ($node instanceof Node\Scalar\MagicConst\Dir) {
            return dirname($this->path);
        }
        if ($node instanceof Node\Scalar\MagicConst\File) {
            return $this->path;
        }
        if ($node instanceof Node\Expr\FuncCall && $node->name instanceof Node\Name && (string) $node->name === 'dirname') {
            $inner = $this->text($node->args[0]->value);
            $levels = isset($node->args[1]) && $node->args[1]->value instanceof Node\Scalar\LNumber ? $node->args[1]->value->value : 1;
            return $inner === null ? null : dirname($inner, $levels);
        }
        if ($node instanceof Node\Expr\BinaryOp\Concat) {
            [$left, $right] = [$this->text($node->left), $this->text($node->right)];
            return $left === null || $right === null ? null : $left . $right;
        }
        return null;
    }
}

$parser = (new PhpParser\ParserFactory())->create(PhpParser\ParserFactory::PREFER_PHP7);
$read = [];
$definers = [];
foreach ($paths as $path) {
    try {
        $tree = $parser->parse(file_get_contents($path));
    } catch (PhpParser\Error) {
        continue;
    }
    $collector = new Collector($path);
    $traverser = new NodeTraverser();
    $traverser->addVisitor(new NameResolver());
    $traverser->addVisitor($collector);
    $traverser->traverse($tree ?? []);
    $read[$path] = $collector;
    foreach (array_keys($collector->defined) as $name) {
        $definers[$name][] = $path;
    }
}

function common(string $a, string $b): int
{
    return strlen($a) - strlen(ltrim(substr($a ^ $b, 0), "\0")) ?: strspn($a ^ $b, "\0");
}

$out = [];
$relative = fn (string $path) => substr($path, strlen($root) + 1);
foreach ($read as $path => $collector) {
    $out[$relative($path)] = true;
    foreach (array_keys($collector->used) as $name) {
        $all = $definers[$name] ?? [];
        if (!$all || in_array($path, $all, true) || count($all) > 3) {
            continue;
        }
        $last = preg_replace('~^.*\\\\~', '', substr($name, 2));
        $home = array_values(array_filter($all, fn ($p) => strtolower(basename($p, '.php')) === $last)) ?: $all;
        usort($home, fn ($a, $b) => strspn($b ^ $path, "\0") <=> strspn($a ^ $path, "\0"));
        $out[$relative($path) . "\t" . $relative($home[0])] = true;
    }
    foreach ($collector->included as $text) {
        foreach ([$text, dirname($path) . '/' . $text, "$root/$text"] as $try) {
            $real = realpath($try);
            if ($real && $real !== $path && isset($read[$real])) {
                $out[$relative($path) . "\t" . $relative($real)] = true;
                break;
            }
        }
    }
}
ksort($out, SORT_STRING);
echo implode("\n", array_keys($out)), "\n";
