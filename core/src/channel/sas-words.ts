/**
 * The list that short authentication strings are read from: one byte a word. It is the same on both screens whatever
 * the language, so its words are ones that English and Italian share, and none is rude or hurts in either. Any two differ
 * in at least three letters.
 * The order is part of the protocol.
 */
export const SAS_WORDS: readonly string[] = `
  acacia agave agenda album alibi alpaca anaconda antenna atlas aurora avatar avocado azalea balsa bamboo
  banana barista barracuda basilica basket beagle begonia bingo bistro blues bolero bonsai boomerang bravo
  broccoli brunch budget cabaret cactus calypso camper canasta cappuccino caravan chalet chef cinema club
  cocktail collage compost condor coupon coyote cricket crocus delta dessert diploma domino dossier drama
  encore enigma espresso eureka extra falafel festival film finale fitness flamingo flora formula forum
  fossil garage gardenia gazebo gecko gelato ginseng gnocchi gondola gong graffiti hamburger hamster
  harmonica hobby hostel hummus husky idea igloo iguana impala incognito indigo jackpot jaguar jeans jogging
  jukebox jungle karaoke karma kayak kebab ketchup kimono kiwi koala labrador lambda lasagna lemming lemur
  logo lotus macaroni macro maestro magnolia manga maraca mascara matrix medusa melodrama menu mimosa
  minestrone monitor mozzarella musical mustang nachos ninja novella oasis ocarina okapi omega opossum
  orchestra oregano origami paella pagoda panini panorama paprika patio pergola pesto petunia piano piccolo
  picnic pixel plaza podium poker polenta poncho premium pudding puzzle python quark quasar quinoa quota
  radar raffia ramen ravioli regatta relax replica risotto rock rodeo rotor rugby salami samurai sandwich
  sauna scenario scooter scout sensor sequoia siesta slalom slogan smog snack solarium sombrero soprano
  souvenir spaghetti spray sprint squash status stereo studio sudoku super surf swing tabloid tandem tapas
  tapioca tarantula taxi team tempo tennis terracotta terrier tiara tiramisu toffee tornado trailer
  trampoline trattoria trolley tundra tunnel turbo tutu twist ukulele umami uniform utopia vanilla vector
  veranda viola virtuoso vortex wafer weekend western windsurf workshop xenon yeti yogurt zebra zigzag
  zucchini`
  .trim()
  .split(/\s+/);

/** The four words for the 4 bytes of `SessionKeys.sas`: 32 bits to read aloud. */
export function sasWords(sas: Uint8Array): [string, string, string, string] {
  const word = (at: number): string => SAS_WORDS[sas[at] ?? 0] ?? '';
  return [word(0), word(1), word(2), word(3)];
}
