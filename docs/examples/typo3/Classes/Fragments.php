<?php

declare(strict_types=1);

namespace Netzlotse\Angebote;

use TYPO3\CMS\Core\Cache\CacheManager;
use TYPO3\CMS\Core\Http\RequestFactory;

/**
 * Fragments of a portal, fetched by this server: fresh for a minute, asked for anew with their
 * ETag, and kept however old while the portal cannot be reached.
 */
final class Fragments
{
    private const FRESH = 60;
    private const RETRY = 120;
    private const PATIENCE = 5;

    public function __construct(
        private readonly RequestFactory $requests,
        private readonly CacheManager $caches,
    ) {
    }

    /** The HTML at an address; '' where there never was any. */
    public function fetch(string $address): string
    {
        $cache = $this->caches->getCache('netzlotse_angebote');
        $key = sha1($address);
        $kept = $cache->get($key) ?: ['html' => '', 'etag' => '', 'next' => 0];
        if ($kept['next'] > time()) {
            return $kept['html'];
        }
        $status = 0;
        try {
            $answer = $this->requests->request($address, 'GET', [
                'timeout' => self::PATIENCE,
                'http_errors' => false,
                'headers' => $kept['etag'] !== '' ? ['If-None-Match' => $kept['etag']] : [],
            ]);
            $status = $answer->getStatusCode();
            if ($status === 200) {
                $kept['html'] = $this->clean((string)$answer->getBody());
                $kept['etag'] = $answer->getHeaderLine('ETag');
            }
        } catch (\Throwable) {
            // Nobody's page breaks because the portal is away: the kept copy is shown.
        }
        $kept['next'] = time() + (in_array($status, [200, 304], true) ? self::FRESH : self::RETRY);
        $cache->set($key, $kept, [], 0);
        return $kept['html'];
    }

    /** Lets through what a fragment consists of, whoever sent it: no script, style, handler or frame. */
    private function clean(string $html): string
    {
        $document = new \DOMDocument();
        $before = libxml_use_internal_errors(true);
        $document->loadHTML('<?xml encoding="utf-8"?><body>' . $html . '</body>', LIBXML_NONET);
        libxml_clear_errors();
        libxml_use_internal_errors($before);
        $tags = ['section', 'p', 'ol', 'li', 'article', 'h2', 'h3', 'h4', 'h5', 'h6', 'dl', 'dt', 'dd',
            'small', 'label', 'button', 'a', 'time', 'form', 'input'];
        $names = ['class', 'lang', 'dir', 'aria-label', 'href', 'rel', 'datetime', 'action', 'method',
            'role', 'type', 'name', 'value', 'maxlength'];
        $body = $document->getElementsByTagName('body')->item(0);
        if ($body === null) {
            return '';
        }
        foreach (iterator_to_array($body->getElementsByTagName('*')) as $element) {
            if (!in_array($element->nodeName, $tags, true)) {
                $element->parentNode?->removeChild($element);
                continue;
            }
            foreach (iterator_to_array($element->attributes) as $attribute) {
                $link = in_array($attribute->name, ['href', 'action'], true);
                if (!in_array($attribute->name, $names, true)
                    || ($link && preg_match('#^(https?://|tel:)#', $attribute->value) !== 1)) {
                    $element->removeAttribute($attribute->name);
                }
            }
        }
        $clean = '';
        foreach ($body->childNodes as $child) {
            $clean .= $document->saveHTML($child);
        }
        return $clean;
    }
}
