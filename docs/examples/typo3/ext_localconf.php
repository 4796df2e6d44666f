<?php

declare(strict_types=1);

defined('TYPO3') or die();

// A cache of its own: "clear all caches" must not take the stale copies.
$GLOBALS['TYPO3_CONF_VARS']['SYS']['caching']['cacheConfigurations']['netzlotse_angebote'] ??= [
    'frontend' => \TYPO3\CMS\Core\Cache\Frontend\VariableFrontend::class,
    'backend' => \TYPO3\CMS\Core\Cache\Backend\Typo3DatabaseBackend::class,
    'groups' => [],
];
