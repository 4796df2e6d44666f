<?php
/**
 * Plugin Name: netzlotse Angebote
 * Description: Shows offers for single parents. Fetched by this server, so that visitors contact nobody else.
 * Version: 1.0.0
 * Requires at least: 5.9
 * Requires PHP: 7.4
 * License: MIT
 *
 * [netzlotse_angebote portal="https://portal.example" region="11003" topic="schulden,wohnen" limit="5"]
 *
 * The answer is kept for a minute and asked for anew with its ETag. While the portal cannot be
 * reached, the last good answer stays, however old; where there never was one, a link.
 */

if (!defined('ABSPATH')) {
	exit;
}

const NETZLOTSE_FRESH = 60; // seconds that an answer counts as fresh
const NETZLOTSE_RETRY = 120; // seconds until a portal that failed is asked again
const NETZLOTSE_PATIENCE = 5; // seconds to wait for an answer

/** The address of the fragment for the attributes of a shortcode. */
function netzlotse_address(array $attributes): string {
	$pairs = array();
	foreach (array('region', 'network', 'topic', 'format', 'cost', 'lang', 'limit', 'heading', 'form') as $name) {
		foreach (array_filter(array_map('trim', explode(',', (string) $attributes[$name]))) as $value) {
			$pairs[] = $name . '=' . rawurlencode($value);
		}
	}
	return rtrim($attributes['portal'], '/') . '/einbetten/fragment?' . implode('&', $pairs);
}

/** What the fragment may consist of; anything else is left out, whoever sent it. */
function netzlotse_allowed(): array {
	$common = array('class' => true, 'lang' => true, 'dir' => true, 'aria-label' => true);
	$allowed = array();
	foreach (array('section', 'p', 'ol', 'li', 'article', 'h2', 'h3', 'h4', 'h5', 'h6', 'dl', 'dt', 'dd', 'small', 'label', 'button') as $tag) {
		$allowed[$tag] = $common;
	}
	$allowed['a'] = $common + array('href' => true, 'rel' => true);
	$allowed['time'] = $common + array('datetime' => true);
	$allowed['form'] = $common + array('action' => true, 'method' => true, 'role' => true, 'rel' => true);
	$allowed['input'] = $common + array('type' => true, 'name' => true, 'value' => true, 'maxlength' => true);
	return $allowed;
}

/** The fragment at an address: fresh, else asked for, else the last good one; '' where there is none. */
function netzlotse_fragment(string $address): string {
	$key = 'netzlotse_' . md5($address);
	$kept = get_option($key, array('html' => '', 'etag' => '', 'next' => 0));
	if ($kept['next'] > time()) {
		return $kept['html'];
	}
	$headers = $kept['etag'] !== '' ? array('If-None-Match' => $kept['etag']) : array();
	$answer = wp_remote_get($address, array('timeout' => NETZLOTSE_PATIENCE, 'redirection' => 2, 'headers' => $headers));
	$status = is_wp_error($answer) ? 0 : (int) wp_remote_retrieve_response_code($answer);
	if ($status === 200) {
		$kept['html'] = wp_kses(wp_remote_retrieve_body($answer), netzlotse_allowed(), array('http', 'https', 'tel'));
		$kept['etag'] = (string) wp_remote_retrieve_header($answer, 'etag');
	}
	$kept['next'] = time() + (in_array($status, array(200, 304), true) ? NETZLOTSE_FRESH : NETZLOTSE_RETRY);
	update_option($key, $kept, false);
	return $kept['html'];
}

/** The shortcode. */
function netzlotse_shortcode($given): string {
	$attributes = shortcode_atts(
		array('portal' => '', 'region' => '', 'network' => '', 'topic' => '', 'format' => '', 'cost' => '',
			'lang' => 'de', 'limit' => '5', 'heading' => '2', 'form' => 'yes'),
		$given,
		'netzlotse_angebote'
	);
	$portal = esc_url($attributes['portal'], array('http', 'https'));
	if ($portal === '') {
		return '<!-- netzlotse_angebote: portal="https://…" is missing -->';
	}
	$html = netzlotse_fragment(netzlotse_address($attributes));
	return $html !== '' ? $html : '<p><a href="' . $portal . '" rel="noreferrer">Angebote für Alleinerziehende</a></p>';
}

add_shortcode('netzlotse_angebote', 'netzlotse_shortcode');
