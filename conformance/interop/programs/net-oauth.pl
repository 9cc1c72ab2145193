# Three legs and two signed requests with Net::OAuth, which makes messages; HTTP::Tiny sends them.
use strict;
use warnings;
use utf8;
use HTTP::Tiny;
use JSON::PP;
use Net::OAuth;
use Encode qw(decode_utf8);

$Net::OAuth::PROTOCOL_VERSION = Net::OAuth::PROTOCOL_VERSION_1_0A;
$| = 1;

my $method = $ENV{OAUTH1_METHOD};
my $place  = $ENV{OAUTH1_PLACE};
my @parameters = @{ decode_json( $ENV{OAUTH1_PARAMETERS} ) };
my $http = HTTP::Tiny->new;
my $count = 0;

my $rsa;
if ( $method =~ /^RSA/ ) {
    require Crypt::OpenSSL::RSA;
    $rsa = Crypt::OpenSSL::RSA->new_private_key( $ENV{OAUTH1_RSA_KEY} );
}

sub message {
    my ( $kind, $url, $verb, %more ) = @_;
    my $message = Net::OAuth->request($kind)->new(
        consumer_key     => decode_utf8( $ENV{OAUTH1_KEY} ),
        consumer_secret  => decode_utf8( $ENV{OAUTH1_SECRET} ),
        request_url      => $url,
        request_method   => $verb,
        signature_method => $method,
        timestamp        => time,
        nonce            => 'perl' . $count++ . rand,
        %more,
    );
    $message->sign( $rsa ? $rsa : () );
    return $message;
}

sub form { return join '&', map { Net::OAuth::Message::encode( $_->[0] ) . '=' . Net::OAuth::Message::encode( $_->[1] ) } @_ }

# The credentials of an answer.
sub issued {
    my ( $kind, $url, %more ) = @_;
    my $message = message( $kind, $url, 'POST', %more );
    my %options;
    my $target = $url;
    if ( $place eq 'header' ) { $options{headers} = { Authorization => $message->to_authorization_header } }
    elsif ( $place eq 'query' ) { $target = $message->to_url }
    else {
        $options{headers} = { 'Content-Type' => 'application/x-www-form-urlencoded' };
        $options{content} = $message->to_post_body;
    }
    my $answer = $http->post( $target, \%options );
    die "$answer->{status} $answer->{content}" unless $answer->{success};
    my $kind_of_answer = $kind eq 'request token' ? 'request token' : 'access token';
    return Net::OAuth->response($kind_of_answer)->from_post_body( $answer->{content} );
}

my $temporary = issued( 'request token', $ENV{OAUTH1_INITIATE}, callback => $ENV{OAUTH1_CALLBACK} );
print "AUTHORIZE $ENV{OAUTH1_AUTHORIZE}?oauth_token=" . $temporary->token . "\n";
chomp( my $verifier = <STDIN> );
my $token = issued(
    'access token', $ENV{OAUTH1_TOKEN},
    token        => $temporary->token,
    token_secret => $temporary->token_secret,
    verifier     => $verifier,
);
my %credentials = ( token => $token->token, token_secret => $token->token_secret );
my %extra = ( extra_params => { map { $_->[0] => $_->[1] } @parameters } );

my $get = message( 'protected resource', $ENV{OAUTH1_RESOURCE}, 'GET', %credentials, %extra );
if ( $place ne 'body' ) {
    my $answer =
      $place eq 'query'
      ? $http->get( $get->to_url )
      : $http->get( $ENV{OAUTH1_RESOURCE} . '?' . form(@parameters),
        { headers => { Authorization => $get->to_authorization_header } } );
    print "RESULT $answer->{content}\n";
}
my $post = message( 'protected resource', $ENV{OAUTH1_RESOURCE}, 'POST', %credentials, %extra );
my %headers = ( 'Content-Type' => 'application/x-www-form-urlencoded' );
my $content = $place eq 'header' ? form(@parameters) : $place eq 'body' ? $post->to_post_body : '';
$headers{Authorization} = $post->to_authorization_header if $place eq 'header';
my $answer = $http->post( $place eq 'query' ? $post->to_url : $ENV{OAUTH1_RESOURCE},
    { headers => \%headers, content => $content } );
print "RESULT $answer->{content}\n";
