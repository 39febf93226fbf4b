using System.Collections.Frozen;
using System.Globalization;

namespace Lakeflow.Runtime.Kernels;

/// <summary>The years in which a zone's clocks differed from UTC by seconds, not whole minutes: mostly local mean time, before about 1900.</summary>
/// <remarks>
/// .NET rounds such offsets to minutes, Java and Spark do not. The table is from the IANA time zone database (public domain): names, then
/// periods as offset in seconds &lt; end in seconds since the epoch. After the last period .NET's rules are exact.
/// </remarks>
internal static class ZoneHistory
{
    private const string Table = """
        Africa/Abidjan,Africa/Timbuktu,Iceland -968<-1830383032
        Africa/Accra -52<-1709337548
        Africa/Addis_Ababa 9288<-3155682888 9320<-1062210920
        Africa/Algiers 732<-2486592732 561<-1855958961
        Africa/Asmara 9332<-2524530932 9320<-1062210920
        Africa/Asmera,Africa/Nairobi 8836<-1946168836
        Africa/Bangui 4460<-1830388460
        Africa/Banjul -3996<-1159829604
        Africa/Bissau -3740<-1830380400
        Africa/Blantyre 8400<-1844302800 8470<-1751682070
        Africa/Brazzaville 3668<-1830387668
        Africa/Bujumbura 7048<-2524528648
        Africa/Cairo,Egypt 7509<-2185409109
        Africa/Casablanca -1820<-1773012580
        Africa/Ceuta -1276<-2177452800
        Africa/Conakry -3292<-1830380708
        Africa/Dakar -4184<-1830379816
        Africa/Dar_es_Salaam 9428<-1230777428
        Africa/Djibouti 10356<-1846291956
        Africa/Douala 2328<-1830386328
        Africa/El_Aaiun -3168<-1136070432
        Africa/Gaborone 6220<-2682294220
        Africa/Harare 7452<-2109290652
        Africa/Juba 7588<-1230775588
        Africa/Kampala 7780<-1309745380
        Africa/Khartoum 7808<-1230775808
        Africa/Kigali 7216<-1091498416
        Africa/Kinshasa 3672<-2276643672
        Africa/Lagos 815<-2035584815 0<-1940889600 815<-1767226415
        Africa/Libreville 2268<-1830386268
        Africa/Lome 292<-2429827492
        Africa/Luanda 3176<-2461452776 3124<-1830387600
        Africa/Lubumbashi 6592<-2276646592
        Africa/Lusaka 6788<-2109289988
        Africa/Malabo 2108<-1830386108
        Africa/Maputo 7818<-1924999818
        Africa/Mbabane 7464<-2109290664
        Africa/Mogadishu 10888<-2403572488
        Africa/Monrovia -2588<-1604359012 -2670<63593070
        Africa/Ndjamena 3612<-1830387612
        Africa/Niamey 508<-1830384508
        Africa/Nouakchott -3828<-1830380172
        Africa/Ouagadougou -364<-1830383636
        Africa/Porto-Novo 628<-1830384628
        Africa/Sao_Tome 1616<-2713912016 -2205<-1830384000
        Africa/Tripoli,Libya 3164<-1577926364
        Africa/Tunis 2444<-2797202444 561<-1855958961
        Africa/Windhoek 4104<-2458170504
        America/Adak,America/Atka,US/Aleutian 44002<-3225223727 -42398<-2188944802
        America/Anchorage,US/Alaska 50424<-3225223727 -35976<-2188951224
        America/Anguilla -15136<-1825098464
        America/Antigua -14832<-1825098768
        America/Araguaina -11568<-1767214032
        America/Argentina/Buenos_Aires,America/Buenos_Aires -14028<-2372097972 -15408<-1567453392
        America/Argentina/Catamarca,America/Argentina/ComodRivadavia,America/Catamarca -15788<-2372096212 -15408<-1567453392
        America/Argentina/Cordoba,America/Cordoba,America/Rosario -15408<-1567453392
        America/Argentina/Jujuy,America/Jujuy -15672<-2372096328 -15408<-1567453392
        America/Argentina/La_Rioja -16044<-2372095956 -15408<-1567453392
        America/Argentina/Mendoza,America/Mendoza -16516<-2372095484 -15408<-1567453392
        America/Argentina/Rio_Gallegos -16612<-2372095388 -15408<-1567453392
        America/Argentina/Salta -15700<-2372096300 -15408<-1567453392
        America/Argentina/San_Juan -16444<-2372095556 -15408<-1567453392
        America/Argentina/San_Luis -15924<-2372096076 -15408<-1567453392
        America/Argentina/Tucuman -15652<-2372096348 -15408<-1567453392
        America/Argentina/Ushuaia -16392<-2372095608 -15408<-1567453392
        America/Aruba -16824<-1826738376
        America/Asuncion -13840<-1206389360
        America/Atikokan -21988<-2366733212
        America/Bahia -9244<-1767216356
        America/Barbados -14309<-1841256091
        America/Belem -11636<-1767213964
        America/Belize -21168<-1822500432
        America/Blanc-Sablon -13708<-2713896692
        America/Boa_Vista -14560<-1767211040
        America/Bogota -17776<-1739041424
        America/Boise -27889<-2717640000
        America/Campo_Grande -13108<-1767212492
        America/Cancun -20824<-1514743200
        America/Caracas -16064<-2524505536 -16060<-1826739140
        America/Cayenne -12560<-1846269040
        America/Cayman -19532<-2524502068 -18430<-1827687170
        America/Chicago,US/Central -21036<-2717647200
        America/Chihuahua -25460<-1514739600
        America/Ciudad_Juarez -25556<-1514739600
        America/Coral_Harbour,America/Panama -19088<-2524502512 -19176<-1946918424
        America/Costa_Rica -20173<-1545071027
        America/Coyhaique -17296<-2524504304 -16965<-1892661435 -18000<-1688410800 -16965<-1619205435 -14400<-1593806400 -16965<-1335986235
        America/Creston -27964<-2713882436
        America/Cuiaba -13460<-1767212140
        America/Curacao -16547<-1826738653
        America/Danmarkshavn -4480<-1686091520
        America/Dawson -33460<-2188996940
        America/Dawson_Creek -28856<-2713881544
        America/Denver,America/Shiprock,Navajo,US/Mountain -25196<-2717643600
        America/Detroit,US/Michigan -19931<-2051202469
        America/Dominica -14736<-1846266804
        America/Edmonton,America/Yellowknife,Canada/Mountain -27232<-1998663968
        America/Eirunepe -16768<-1767208832
        America/El_Salvador -21408<-1546279392
        America/Ensenada,America/Santa_Isabel,America/Tijuana,Mexico/BajaNorte -28084<-1514739600
        America/Fort_Nelson -29447<-2713880953
        America/Fort_Wayne,America/Indiana/Indianapolis,America/Indianapolis,US/East-Indiana -20678<-2717647200
        America/Glace_Bay -14388<-2131646412
        America/Godthab,America/Nuuk -12416<-1686083584
        America/Goose_Bay -14500<-2713895900 -12652<-1632076148 -9052<-1615145348 -12652<-1096921748
        America/Grand_Turk -17072<-2524504528 -18430<-1827687170
        America/Guadeloupe -14768<-1848254032
        America/Guatemala -21724<-1617040676
        America/Guayaquil -19160<-2524502440
        America/Guyana -13959<-1843589241
        America/Halifax,Canada/Atlantic -15264<-2131645536
        America/Havana,Cuba -19768<-2524501832 -19776<-1402813824
        America/Hermosillo -26632<-1514739600
        America/Indiana/Knox,America/Knox_IN,US/Indiana-Starke -20790<-2717647200
        America/Indiana/Marengo -20723<-2717647200
        America/Indiana/Petersburg -20947<-2717647200
        America/Indiana/Tell_City -20823<-2717647200
        America/Indiana/Vevay -20416<-2717647200
        America/Indiana/Vincennes -21007<-2717647200
        America/Indiana/Winamac -20785<-2717647200
        America/Jamaica,Jamaica -18430<-1827687170
        America/Juneau 54139<-3225223727 -32261<-2188954939
        America/Kentucky/Louisville,America/Louisville -20582<-2717647200
        America/Kentucky/Monticello -20364<-2717647200
        America/Kralendijk,America/Lower_Princes,America/Marigot,America/Puerto_Rico,America/St_Barthelemy,America/Virgin -15865<-2233035335
        America/La_Paz -16356<-1205954844 -12756<-1192307244
        America/Lima -18492<-2524503108 -18516<-1938538284
        America/Los_Angeles,US/Pacific -28378<-2717640000
        America/Maceio -8572<-1767217028
        America/Managua -20708<-2524500892 -20712<-1121105688
        America/Manaus,Brazil/West -14404<-1767211196
        America/Martinique -14660<-1851537340
        America/Mazatlan,Mexico/BajaSur -25540<-1514739600
        America/Menominee -21027<-2659759773
        America/Merida -21508<-1514743200
        America/Metlakatla 54822<-3225223727 -31578<-2188955622
        America/Mexico_City,Mexico/General -23796<-1514739600
        America/Miquelon -13480<-1847650520
        America/Moncton -15548<-2715882052
        America/Monterrey -24076<-1514743200
        America/Montevideo -13491<-1567455309
        America/Montreal,America/Nipigon,America/Thunder_Bay,America/Toronto,Canada/Eastern -19052<-2366736148
        America/Montserrat -14932<-1846266608
        America/Nassau -18570<-1825095030
        America/New_York,US/Eastern -17762<-2717650800
        America/Nome 46702<-3225223727 -39698<-2188947502
        America/Noronha,Brazil/DeNoronha -7780<-1767217820
        America/North_Dakota/Beulah -24427<-2717643600
        America/North_Dakota/Center -24312<-2717643600
        America/North_Dakota/New_Salem -24339<-2717643600
        America/Ojinaga -25060<-1514739600
        America/Paramaribo -13240<-1861906760 -13252<-1104524348 -13236<-765317964
        America/Phoenix,US/Arizona -26898<-2717643600
        America/Port-au-Prince -17360<-2524504240
        America/Port_of_Spain -14764<-1825098836
        America/Porto_Acre,America/Rio_Branco,Brazil/Acre -16272<-1767209328
        America/Porto_Velho -15336<-1767210264
        America/Punta_Arenas -17020<-2524504580 -16965<-1892661435 -18000<-1688410800 -16965<-1619205435 -14400<-1593806400 -16965<-1335986235
        America/Rainy_River,America/Winnipeg,Canada/Central -23316<-2602258284
        America/Recife -8376<-1767217224
        America/Regina,Canada/Saskatchewan -25116<-2030202084
        America/Santarem -13128<-1767212472
        America/Santiago,Chile/Continental -16965<-1892661435 -18000<-1688410800 -16965<-1619205435 -14400<-1593806400 -16965<-1335986235
        America/Santo_Domingo -16776<-2524504824
        America/Sao_Paulo,Brazil/East -11188<-1767214412
        America/Scoresbysund -5272<-1686090728
        America/Sitka 53927<-3225223727 -32473<-2188954727
        America/St_Johns,Canada/Newfoundland -12652<-1664130548 -9052<-1650137348 -12652<-1632076148 -9052<-1615145348 -12652<-1598650148 -9052<-1590100148 -12652<-1567286948 -9052<-1551565748 -12652<-1535837348 -9052<-1520116148 -12652<-1503782948 -9052<-1488666548 -12652<-1472333348 -9052<-1457216948 -12652<-1440883748 -9052<-1425767348 -12652<-1409434148 -9052<-1394317748 -12652<-1377984548 -9052<-1362263348 -12652<-1346534948 -9052<-1330813748 -12652<-1314480548 -9052<-1299364148 -12652<-1283030948 -9052<-1267914548 -12652<-1251581348 -9052<-1236464948 -12652<-1220131748 -9052<-1205015348 -12652<-1188682148 -9052<-1172960948 -12652<-1156627748 -9052<-1141511348 -12652<-1125178148 -9052<-1110061748 -12652<-1096921748
        America/St_Kitts -15052<-1825098548
        America/St_Thomas -15584<-1846266016
        America/St_Vincent -14696<-1830369304
        America/Swift_Current -25880<-2030201320
        America/Tegucigalpa -20932<-1538503868
        America/Thule -16508<-1686079492
        America/Tortola -15508<-1846266092
        America/Vancouver,Canada/Pacific -29548<-2713880852
        America/Whitehorse,Canada/Yukon -32412<-2188997988
        America/Yakutat 52865<-3225223727 -33535<-2188953665
        Antarctica/South_Pole,NZ,Pacific/Auckland 41944<-3192435544
        Arctic/Longyearbyen,Atlantic/Jan_Mayen,Europe/Berlin 3208<-2422054408
        Asia/Aden 10794<-631162794
        Asia/Almaty 18468<-1441170468
        Asia/Amman 8624<-1230776624
        Asia/Anadyr 42596<-1441194596
        Asia/Aqtau 12064<-1441164064
        Asia/Aqtobe 13720<-1441165720
        Asia/Ashgabat,Asia/Ashkhabad 14012<-1441166012
        Asia/Atyrau 12464<-1441164464
        Asia/Baghdad 10660<-2524532260 10656<-1641005856
        Asia/Bahrain 12140<-897880940
        Asia/Baku 11964<-1441163964
        Asia/Bangkok 24124<-1570084924
        Asia/Bishkek 17904<-1441169904
        Asia/Brunei 27580<-1383464380
        Asia/Calcutta,Asia/Kolkata 21208<-3645237208 21200<-3155694800 19270<-2019705670
        Asia/Chita 27232<-1579419232
        Asia/Choibalsan,Asia/Ulaanbaatar,Asia/Ulan_Bator 25652<-2032931252
        Asia/Chongqing,Asia/Chungking,Asia/Harbin,Asia/Shanghai,PRC 29143<-2177481943
        Asia/Colombo 19164<-2840159964 19172<-2019705572
        Asia/Dacca,Asia/Dhaka 21700<-2524543300 21200<-891582800
        Asia/Damascus 8712<-1577931912
        Asia/Dili 30140<-1830412800
        Asia/Dubai 13272<-1577936472
        Asia/Dushanbe 16512<-1441168512
        Asia/Famagusta 8148<-1518920148
        Asia/Gaza 8272<-2185409872
        Asia/Hebron 8423<-2185410023
        Asia/Ho_Chi_Minh,Asia/Saigon 25590<-1851577590
        Asia/Hong_Kong,Hongkong 27402<-2056690800
        Asia/Hovd 21996<-2032927596
        Asia/Irkutsk 25025<-1575874625
        Asia/Istanbul,Europe/Istanbul,Turkey 6952<-2840147752 7016<-1869875816
        Asia/Jakarta 25632<-1451719200
        Asia/Jayapura 33768<-1172913768
        Asia/Jerusalem,Asia/Tel_Aviv,Israel 8454<-2840149254 8440<-1641003640
        Asia/Kabul 16608<-2524538208
        Asia/Kamchatka 38076<-1487759676
        Asia/Karachi 16092<-1988166492
        Asia/Kashgar,Asia/Urumqi 21020<-1325483420
        Asia/Kathmandu,Asia/Katmandu 20476<-1577943676
        Asia/Khandyga 32533<-1579424533
        Asia/Krasnoyarsk 22286<-1577513486
        Asia/Kuala_Lumpur 24406<-2177477206 24925<-2038200925
        Asia/Kuching 26480<-1383463280
        Asia/Kuwait 11516<-631163516
        Asia/Macao,Asia/Macau 27250<-2056692850
        Asia/Magadan 36192<-1441188192
        Asia/Makassar,Asia/Ujung_Pandang 28656<-1172908656
        Asia/Manila -57368<-3944621032 29032<-2219083200
        Asia/Muscat 14064<-1577937264
        Asia/Nicosia,Europe/Nicosia 8008<-1518920008
        Asia/Novokuznetsk 20928<-1441259328
        Asia/Novosibirsk 19900<-1579476700
        Asia/Omsk 17610<-1582088010
        Asia/Oral 12324<-1441164324
        Asia/Phnom_Penh 25180<-2004073180 25590<-1851577590
        Asia/Pontianak 26240<-1172906240
        Asia/Qatar 12368<-1577935568
        Asia/Qostanay 15268<-1441167268
        Asia/Qyzylorda 15712<-1441167712
        Asia/Rangoon,Asia/Yangon 23087<-1577946287
        Asia/Riyadh 11212<-719636812
        Asia/Sakhalin 34248<-2031039048
        Asia/Samarkand 16073<-1441168073
        Asia/Seoul,ROK 30472<-1948782472
        Asia/Singapore,Singapore 24925<-2038200925
        Asia/Srednekolymsk 36892<-1441188892
        Asia/Tashkent 16631<-1441168631
        Asia/Tbilisi 10751<-1441162751
        Asia/Tehran,Iran 12344<-1090466744
        Asia/Thimbu,Asia/Thimphu 21516<-706341516
        Asia/Tokyo,Japan 33539<-2587712400
        Asia/Tomsk 20391<-1578807591
        Asia/Ust-Nera 34374<-1579426374
        Asia/Vientiane 24624<-2004072624 25590<-1851577590
        Asia/Vladivostok 31651<-1487321251
        Asia/Yakutsk 31138<-1579423138
        Asia/Yekaterinburg 14553<-1688270553 13505<-1592610305
        Atlantic/Azores -6160<-2713904240 -6872<-1830376800
        Atlantic/Bermuda -15558<-1664307642 -11958<-1648932042 -15558<-1632080442 -11958<-1618692042 -15558<-1262281242
        Atlantic/Canary -3696<-1509663504
        Atlantic/Cape_Verde -5644<-1830376800
        Atlantic/Faeroe,Atlantic/Faroe -1624<-1955748776
        Atlantic/Madeira -4056<-1830380400
        Atlantic/South_Georgia -8768<-2524512832
        Atlantic/St_Helena -1368<-599614632
        Atlantic/Stanley -13884<-1824235716
        Australia/ACT,Australia/Canberra,Australia/NSW,Australia/Sydney 36292<-2364113092
        Australia/Adelaide,Australia/South 33260<-2364110060
        Australia/Brisbane,Australia/Queensland 36728<-2366791928
        Australia/Broken_Hill,Australia/Yancowinna 33948<-2364110748
        Australia/Currie,Australia/Hobart,Australia/Tasmania 35356<-2345795356
        Australia/Darwin,Australia/North 31400<-2364108200
        Australia/Eucla 30928<-2337928528
        Australia/LHI,Australia/Lord_Howe 38180<-2364114980
        Australia/Lindeman 35756<-2366790956
        Australia/Melbourne,Australia/Victoria 34792<-2364111592
        Australia/Perth,Australia/West 27804<-2337925404
        Chile/EasterIsland,Pacific/Easter -26248<-1178124152
        Eire,Europe/Dublin -1521<-1691962479 2079<-1680471279
        Europe/Amsterdam 1172<-1693700372 4772<-1680484772 1172<-1663453172 4772<-1650147572 1172<-1633213172 4772<-1617488372 1172<-1601158772 4772<-1586038772 1172<-1569709172 4772<-1554589172 1172<-1538259572 4772<-1523139572 1172<-1507501172 4772<-1490566772 1172<-1470176372 4772<-1459117172 1172<-1443997172 4772<-1427667572 1172<-1406672372 4772<-1396217972 1172<-1376950772 4772<-1364768372 1172<-1345414772 4772<-1333318772 1172<-1313792372 4772<-1301264372 1172<-1282256372 4772<-1269814772 1172<-1250720372 4772<-1238365172 1172<-1219184372 4772<-1206915572 1172<-1186957172 4772<-1175465972 1172<-1156025972 4772<-1143411572 1172<-1124489972 4772<-1111961972 1172<-1092953972 4772<-1080512372 1172<-1061331572 4772<-1049062772 1172<-1029190772 4772<-1025745572
        Europe/Andorra 364<-2177453164
        Europe/Astrakhan 11532<-1441249932
        Europe/Athens 5692<-1686101632
        Europe/Belfast,Europe/London,GB,GB-Eire -75<-3852662325
        Europe/Bratislava,Europe/Prague 3464<-2469401864
        Europe/Brussels 1050<-2450995200
        Europe/Bucharest 6264<-1213148664
        Europe/Budapest 4580<-2498260580
        Europe/Busingen,Europe/Zurich 2048<-3675198848 1786<-2385246586
        Europe/Chisinau,Europe/Tiraspol 6920<-2840147720 6900<-1637114100 6264<-1213148664
        Europe/Copenhagen 3020<-2398294220
        Europe/Gibraltar -1284<-2821649916
        Europe/Guernsey -609<-1784245791
        Europe/Helsinki,Europe/Mariehamn 5989<-1535938789
        Europe/Isle_of_Man -1075<-2737842125
        Europe/Jersey -506<-2258092800
        Europe/Kiev,Europe/Kyiv,Europe/Uzhgorod,Europe/Zaporozhye 7324<-1441159324
        Europe/Kirov 11928<-1593820800
        Europe/Lisbon,Portugal -2205<-1830384000
        Europe/Ljubljana 3484<-2713913884
        Europe/Luxembourg 1476<-2069713476
        Europe/Madrid -884<-2177452800
        Europe/Malta 3484<-2403478684
        Europe/Minsk 6616<-2840147416
        Europe/Monaco 1772<-2448318572 561<-1854403761
        Europe/Moscow,W-SU 9017<-1688265017 9079<-1656819079 12679<-1641353479 9079<-1627965079 16279<-1618716679 12679<-1596429079 16279<-1593820800
        Europe/Paris 561<-1855958961
        Europe/Riga 5794<-1632008194 9394<-1618702594 5794<-1601681794 9394<-1597275394 5794<-1377308194
        Europe/Rome,Europe/San_Marino,Europe/Vatican 2996<-2403565200
        Europe/Samara 12020<-1593820800
        Europe/Sarajevo 4420<-2713914820
        Europe/Saratov 11058<-1593820800
        Europe/Simferopol 8184<-2840148984
        Europe/Skopje 5144<-2713915544
        Europe/Sofia 5596<-2840146396 7016<-2369527016
        Europe/Stockholm 4332<-2871681132 3614<-2208992414
        Europe/Tirane 4760<-1767230360
        Europe/Ulyanovsk 11616<-1593820800
        Europe/Vaduz 2284<-2385247084
        Europe/Vienna 3921<-2422055121
        Europe/Vilnius 6076<-2840146876 5040<-1672536240 5736<-1585100136
        Europe/Volgograd 10660<-1577761060
        Europe/Zagreb 3832<-2713914232
        Indian/Antananarivo 11404<-1846293004
        Indian/Chagos 17380<-1988167780
        Indian/Christmas 25372<-2364102172
        Indian/Cocos 23260<-2209012060
        Indian/Comoro 10384<-1846291984
        Indian/Mahe 13308<-1988163708
        Indian/Mayotte 10856<-1846292456
        Indian/Reunion 13312<-1848886912
        Kwajalein,Pacific/Kwajalein 40160<-2177492960
        NZ-CHAT,Pacific/Chatham 44028<-3192437628
        Pacific/Apia 45184<-2445424384 -41216<-1861878784
        Pacific/Bougainville 37336<-2840178136 35312<-2366790512
        Pacific/Chuuk -49972<-3944628428 36428<-2177489228
        Pacific/Efate 40396<-1829387596
        Pacific/Fakaofo -41096<-2177411704
        Pacific/Fiji 42944<-1709985344
        Pacific/Funafuti 43012<-2177495812
        Pacific/Galapagos -21504<-1230746496
        Pacific/Gambier -32388<-1806678012
        Pacific/Guadalcanal,Pacific/Ponape 38388<-1806748788
        Pacific/Honolulu,Pacific/Johnston,US/Hawaii -37886<-2334101314
        Pacific/Kiritimati -37760<-2177415040
        Pacific/Kosrae -47284<-3944631116 39116<-2177491916
        Pacific/Majuro 41088<-2177493888
        Pacific/Midway -42568<-2177410232
        Pacific/Nauru 40060<-1545131260
        Pacific/Niue -40780<-543069620
        Pacific/Norfolk 40312<-2177493112
        Pacific/Noumea 39948<-1829387148
        Pacific/Pago_Pago,Pacific/Samoa,US/Samoa 45432<-2445424632 -40968<-1861879032
        Pacific/Palau -54124<-3944624276 32276<-2177485076
        Pacific/Pitcairn -31220<-2177421580
        Pacific/Pohnpei -48428<-3944629972 37972<-2177490772
        Pacific/Port_Moresby,Pacific/Truk,Pacific/Yap 35320<-2840176120 35312<-2366790512
        Pacific/Rarotonga 48056<-2209555256 -38344<-543072056
        Pacific/Tahiti -35896<-1806674504
        Pacific/Tarawa 41524<-2177494324
        Pacific/Tongatapu 44352<-767189952
        Pacific/Wake 39988<-2177492788
        Pacific/Wallis 44120<-2177496920
        """;

    private static readonly Lazy<FrozenDictionary<string, (long Until, long Offset)[]>> Zones = new(Read);

    /// <summary>The periods of a zone, oldest first, in microseconds; none for a zone that always counted in minutes.</summary>
    public static (long Until, long Offset)[] Of(string zone) => Zones.Value.GetValueOrDefault(zone) ?? [];

    private static FrozenDictionary<string, (long Until, long Offset)[]> Read()
    {
        var found = new Dictionary<string, (long Until, long Offset)[]>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in Table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = line.Split(' ');
            var periods = Array.ConvertAll(words[1..], word => (Micros(word[(word.IndexOf('<', StringComparison.Ordinal) + 1)..]), Micros(word[..word.IndexOf('<', StringComparison.Ordinal)])));
            foreach (var name in words[0].Split(',')) found[name] = periods;
        }

        return found.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private static long Micros(string seconds) => long.Parse(seconds, CultureInfo.InvariantCulture) * Calendar.MicrosPerSecond;
}
