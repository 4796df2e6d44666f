<?php

declare(strict_types=1);

namespace Netzlotse\Angebote\ViewHelpers;

use Netzlotse\Angebote\Fragments;
use TYPO3Fluid\Fluid\Core\ViewHelper\AbstractViewHelper;

/**
 * <html xmlns:n="http://typo3.org/ns/Netzlotse/Angebote/ViewHelpers" data-namespace-typo3-fluid="true">
 * <n:angebote portal="https://portal.example" region="11003" topic="schulden,wohnen" limit="5" />
 *
 * A cached page shows the list of when it was cached; put the element into a USER_INT, or give the
 * page a cache lifetime of some hours.
 */
final class AngeboteViewHelper extends AbstractViewHelper
{
    protected $escapeOutput = false;

    public function __construct(private readonly Fragments $fragments)
    {
    }

    public function initializeArguments(): void
    {
        $this->registerArgument('portal', 'string', 'Address of the portal', true);
        foreach (['region', 'network', 'topic', 'format', 'cost'] as $name) {
            $this->registerArgument($name, 'string', 'Filter; several values with commas', false, '');
        }
        $this->registerArgument('lang', 'string', 'de, en, tr, uk or ar', false, 'de');
        $this->registerArgument('limit', 'int', 'Offers', false, 5);
        $this->registerArgument('heading', 'int', 'Level of the headings', false, 3);
        $this->registerArgument('form', 'string', 'yes or no', false, 'yes');
    }

    public function render(): string
    {
        $pairs = [];
        foreach (['region', 'network', 'topic', 'format', 'cost', 'lang', 'limit', 'heading', 'form'] as $name) {
            foreach (array_filter(array_map('trim', explode(',', (string)$this->arguments[$name]))) as $value) {
                $pairs[] = $name . '=' . rawurlencode($value);
            }
        }
        $portal = rtrim((string)$this->arguments['portal'], '/');
        $html = $this->fragments->fetch($portal . '/einbetten/fragment?' . implode('&', $pairs));
        return $html !== '' ? $html
            : '<p><a href="' . htmlspecialchars($portal . '/') . '" rel="noreferrer">Angebote für Alleinerziehende</a></p>';
    }
}
