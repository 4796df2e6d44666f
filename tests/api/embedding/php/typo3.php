<?php
/* Runs the TYPO3 extension with stand-ins for the classes of TYPO3 that it uses. What it fetches
 * comes over real HTTP. The cache lives in a file. Arguments: file of the cache, attributes. */

declare(strict_types=1);

namespace TYPO3\CMS\Core\Http {
    final class Answer
    {
        public function __construct(private int $status, private string $body, private string $etag)
        {
        }

        public function getStatusCode(): int
        {
            return $this->status;
        }

        public function getBody(): string
        {
            return $this->body;
        }

        public function getHeaderLine(string $name): string
        {
            return $this->etag;
        }
    }

    class RequestFactory
    {
        public function request(string $address, string $method, array $options): Answer
        {
            $lines = [];
            foreach ($options['headers'] as $name => $value) {
                $lines[] = "$name: $value";
            }
            $http = ['header' => $lines, 'timeout' => $options['timeout'], 'ignore_errors' => true];
            $body = @file_get_contents($address, false, stream_context_create(['http' => $http]));
            if ($body === false) {
                throw new \RuntimeException('cURL error 7');
            }
            preg_match('# (\d{3})#', $http_response_header[0], $status);
            $etag = preg_replace('#^etag: #i', '', current(preg_grep('#^etag: #i', $http_response_header)) ?: '');
            return new Answer((int)$status[1], $body, $etag);
        }
    }
}

namespace TYPO3\CMS\Core\Cache {
    final class File
    {
        public function __construct(private string $path)
        {
        }

        private function all(): array
        {
            return is_file($this->path) ? json_decode(file_get_contents($this->path), true) : [];
        }

        public function get(string $key): mixed
        {
            return $this->all()[$key] ?? false;
        }

        public function set(string $key, mixed $value, array $tags, int $lifetime): void
        {
            file_put_contents($this->path, json_encode([$key => $value] + $this->all()));
        }
    }

    class CacheManager
    {
        public function __construct(private string $path)
        {
        }

        public function getCache(string $name): File
        {
            return new File($this->path);
        }
    }
}

namespace TYPO3Fluid\Fluid\Core\ViewHelper {
    abstract class AbstractViewHelper
    {
        protected $escapeOutput = true;
        public array $arguments = [];

        protected function registerArgument($name, $type, $description, $required = false, $otherwise = null): void
        {
            $this->arguments[$name] = $otherwise;
        }

        abstract public function initializeArguments(): void;
    }
}

namespace {
    $extension = dirname(__DIR__, 4) . '/docs/examples/typo3/Classes';
    require "$extension/Fragments.php";
    require "$extension/ViewHelpers/AngeboteViewHelper.php";
    $helper = new \Netzlotse\Angebote\ViewHelpers\AngeboteViewHelper(new \Netzlotse\Angebote\Fragments(
        new \TYPO3\CMS\Core\Http\RequestFactory(),
        new \TYPO3\CMS\Core\Cache\CacheManager($argv[1])
    ));
    $helper->initializeArguments();
    $helper->arguments = array_merge($helper->arguments, json_decode($argv[2], true));
    echo $helper->render();
}
