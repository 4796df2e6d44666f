<?php
/* Runs the WordPress extension with stand-ins for the functions of WordPress that it calls. What it
 * fetches comes over real HTTP. Options live in a file. Arguments: file of options, attributes. */

define('ABSPATH', __DIR__);
$OPTIONS = $argv[1];
$SHORTCODES = [];

final class WP_Error
{
}

function get_option($name, $otherwise)
{
    global $OPTIONS;
    $all = is_file($OPTIONS) ? json_decode(file_get_contents($OPTIONS), true) : [];
    return $all[$name] ?? $otherwise;
}

function update_option($name, $value, $autoload)
{
    global $OPTIONS;
    $all = is_file($OPTIONS) ? json_decode(file_get_contents($OPTIONS), true) : [];
    $all[$name] = $value;
    file_put_contents($OPTIONS, json_encode($all));
}

function wp_remote_get($address, $options)
{
    $lines = [];
    foreach ($options['headers'] as $name => $value) {
        $lines[] = "$name: $value";
    }
    $http = ['header' => $lines, 'timeout' => $options['timeout'], 'ignore_errors' => true];
    $body = @file_get_contents($address, false, stream_context_create(['http' => $http]));
    if ($body === false) {
        return new WP_Error();
    }
    preg_match('# (\d{3})#', $http_response_header[0], $status);
    $etag = preg_replace('#^etag: #i', '', current(preg_grep('#^etag: #i', $http_response_header)) ?: '');
    return ['body' => $body, 'code' => $status[1], 'etag' => $etag];
}

function is_wp_error($answer)
{
    return $answer instanceof WP_Error;
}

function wp_remote_retrieve_response_code($answer)
{
    return $answer['code'];
}

function wp_remote_retrieve_body($answer)
{
    return $answer['body'];
}

function wp_remote_retrieve_header($answer, $name)
{
    return $answer[$name];
}

function wp_kses($html, $allowed, $protocols)
{
    return strip_tags($html, array_keys($allowed));
}

function shortcode_atts($pairs, $given, $name)
{
    return array_merge($pairs, array_intersect_key($given, $pairs));
}

function esc_url($url, $protocols)
{
    return preg_match('#^https?://#', $url) ? htmlspecialchars($url) : '';
}

function add_shortcode($name, $call)
{
    global $SHORTCODES;
    $SHORTCODES[$name] = $call;
}

require dirname(__DIR__, 4) . '/docs/examples/wordpress/netzlotse-angebote.php';
echo $SHORTCODES['netzlotse_angebote'](json_decode($argv[2], true));
